package io.panal.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            bash             | export N="V"     | unset N                | # eval $(panal machine env m)
            /usr/bin/zsh     | export N="V"     | unset N                | # eval $(panal machine env m)
            sh               | export N="V"     | unset N                | # eval $(panal machine env m)
            /usr/bin/fish    | set -gx N "V";   | set -e N;              | # eval (panal machine env m)
            powershell       | $Env:N = "V"     | Remove-Item Env:\\\\N | # & panal machine env m ! Invoke-Expression
            cmd              | SET N=V          | SET N=                 | REM @FOR /f "tokens=*" %i IN ('panal machine env m') DO @%i
            tcsh             | setenv N "V";    | unsetenv N;            | : eval `panal machine env m`
            emacs            | (setenv "N" "V") | (setenv "N" nil)       | ;; (with-temp-buffer (shell-command "panal machine env m" (current-buffer)) (eval-buffer))
            """)
    void eachShellGetsItsOwnWords(String name, String set, String unset, String hint) {
        var shell = Shell.of(name);
        assertThat(shell.set("N", "V")).isEqualTo(set + "\n");
        assertThat(shell.unset("N")).isEqualTo(unset + "\n");
        assertThat(shell.hint("panal machine env m").lines())
                .first()
                .isEqualTo(hint.substring(0, hint.indexOf(' ')) + " Run this command to configure your shell: ");
        assertThat(shell.hint("panal machine env m").lines().toList().getLast().replace("\t", ""))
                .isEqualTo(hint.replace("!", "|"));
    }
}
