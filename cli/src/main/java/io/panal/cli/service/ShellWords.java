package io.panal.cli.service;

import io.panal.cli.command.Failure;
import java.util.ArrayList;
import java.util.List;

/// Splits a command as a shell would: blanks part words, quotes and backslashes keep them together.
final class ShellWords {
    private ShellWords() {}

    static List<String> split(String text) throws Failure {
        List<String> words = new ArrayList<>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                inWord = true;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
                if (quote != 0) {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (quote != 0) {
            throw Failure.because("EOF found when expecting closing quote");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
