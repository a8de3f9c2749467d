package io.panal.node.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
    @Test
    void linesAreContinuedAndCommentsLeftOut() throws BuildException {
        List<Instruction> read = Dockerfile.parse("""
                # a comment
                FROM  busybox   AS one

                RUN echo a \\
                    # in between

                    && echo b
                copy --chown=1:2 --from=one a b /c/
                CMD ["x", "y z"]
                CMD [not json
                """);

        assertThat(read).extracting(Instruction::word).containsExactly("FROM", "RUN", "COPY", "CMD", "CMD");
        assertThat(read).extracting(Instruction::line).containsExactly(2, 4, 8, 9, 10);
        assertThat(read.get(1).rest()).isEqualTo("echo a     && echo b");
        assertThat(read.get(2).flags()).containsEntry("chown", "1:2").containsEntry("from", "one");
        assertThat(read.get(2).rest()).isEqualTo("a b /c/");
        assertThat(read.get(3).list()).contains(List.of("x", "y z"));
        assertThat(read.get(4).list()).isEmpty();
    }

    @Test
    void theEscapeCharacterCanBeChosen() throws BuildException {
        assertThat(Dockerfile.parse("# escape=`\nFROM a\nRUN dir c:\\ `\n  d\n")
                        .get(1)
                        .rest())
                .isEqualTo("dir c:\\   d");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            FETCH x                 | dockerfile parse error line 1: unknown instruction: FETCH
            COPY --mount=a b c      | the --mount option requires BuildKit
            COPY --color=red a b    | dockerfile parse error line 1: unknown flag: color
            ENV                     | dockerfile parse error line 1: ENV requires at least one argument
            COPY <<EOF /a           | here-documents need BuildKit
            """)
    void whatCannotBeReadIsRefused(String text, String why) {
        assertThatThrownBy(() -> Dockerfile.parse(text)).hasMessageContaining(why);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a  b c                  | a,b,c
            "a b" c                 | a b,c
            'a $X' "$X"             | a $X,one
            $X-${X}y ${Y:-two}      | one-oney,two
            ${X:+three}${Y:+four}   | three
            \\$X a\\ b              | $X,a b
            ${Y:-${X}}              | one
            """)
    void wordsAreSplitAndVariablesFilledIn(String text, String words) throws BuildException {
        assertThat(Words.split(text.replace("\\\\", "\\"), Map.of("X", "one"))).containsExactly(words.split(","));
    }
}
