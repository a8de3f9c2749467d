package io.panal.node.build;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One instruction of a Dockerfile.
///
/// @param line   where it begins, counted from one
/// @param text   as it is written, on one line
/// @param word   in capitals
/// @param flags  `--name=value` before its arguments; a flag alone has an empty value
/// @param rest   what follows
/// @param list   the rest as a JSON list of words, where it is one
record Instruction(
        int line, String text, String word, Map<String, String> flags, String rest, Optional<List<String>> list) {
    BuildException refuse(String why) {
        return new BuildException("dockerfile parse error line %d: %s".formatted(line, why));
    }
}
