package io.panal.simulator;

import java.util.ArrayList;
import java.util.List;

/// A line as a shell takes it apart: at blanks, but for what stands in quotes.
final class Words {
    private Words() {}

    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean isBegun = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char each = line.charAt(i);
            if (quote == 0 && (each == '\'' || each == '"')) {
                quote = each;
                isBegun = true;
            } else if (each == quote) {
                quote = 0;
            } else if (quote == 0 && each == ' ') {
                if (isBegun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                isBegun = false;
            } else {
                word.append(each);
                isBegun = true;
            }
        }
        if (isBegun) {
            words.add(word.toString());
        }
        return words;
    }
}
