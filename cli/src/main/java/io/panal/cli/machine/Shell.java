package io.panal.cli.machine;

import java.util.Locale;

/// A shell's words for variables and comments.
enum Shell {
    POSIX("export ", "=\"", "\"\n", "unset ", "\n", "#"),
    FISH("set -gx ", " \"", "\";\n", "set -e ", ";\n", "#"),
    POWERSHELL("$Env:", " = \"", "\"\n", "Remove-Item Env:\\\\", "\n", "#"),
    CMD("SET ", "=", "\n", "SET ", "=\n", "REM"),
    TCSH("setenv ", " \"", "\";\n", "unsetenv ", ";\n", ":"),
    EMACS("(setenv \"", "\" \"", "\")\n", "(setenv \"", "\" nil)\n", ";;");

    private final String prefix;
    private final String delimiter;
    private final String suffix;
    private final String unsetPrefix;
    private final String unsetSuffix;
    private final String comment;

    Shell(String prefix, String delimiter, String suffix, String unsetPrefix, String unsetSuffix, String comment) {
        this.prefix = prefix;
        this.delimiter = delimiter;
        this.suffix = suffix;
        this.unsetPrefix = unsetPrefix;
        this.unsetSuffix = unsetSuffix;
        this.comment = comment;
    }

    /// The shell of a name such as `fish` or a path such as `/bin/zsh`; any other one is taken for a POSIX shell.
    static Shell of(String name) {
        return switch (name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT)) {
            case "fish" -> FISH;
            case "powershell", "pwsh" -> POWERSHELL;
            case "cmd" -> CMD;
            case "tcsh", "csh" -> TCSH;
            case "emacs" -> EMACS;
            default -> POSIX;
        };
    }

    String set(String name, String value) {
        return prefix + name + delimiter + value + suffix;
    }

    String unset(String name) {
        return unsetPrefix + name + unsetSuffix;
    }

    /// Two comment lines that say how to have the shell run what the command printed.
    String hint(String command) {
        var run = switch (this) {
            case POSIX -> "eval $(" + command + ")";
            case FISH -> "eval (" + command + ")";
            case POWERSHELL -> "& " + command + " | Invoke-Expression";
            case CMD -> "\t@FOR /f \"tokens=*\" %i IN ('" + command + "') DO @%i";
            case TCSH -> "eval `" + command + "`";
            case EMACS -> "(with-temp-buffer (shell-command \"" + command + "\" (current-buffer)) (eval-buffer))";
        };
        return comment + " Run this command to configure your shell: \n" + comment + " " + run + "\n";
    }
}
