package io.panal.cli.secret;

/// What tells secrets from configs.
enum Kind {
    SECRET("secret", "Secret"),
    CONFIG("config", "Config");

    private final String word;
    private final String title;

    Kind(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /// The command's word.
    String word() {
        return word;
    }

    /// The word with a capital letter.
    String title() {
        return title;
    }

    /// Where the API keeps them.
    String path() {
        return "/" + word + "s";
    }
}
