package io.panal.cli.template;

/// A template that cannot be read or does not fit its data; the message is Go's.
public final class TemplateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean reading;

    private TemplateFailure(String message, boolean reading) {
        super(message, null, false, false);
        this.reading = reading;
    }

    static TemplateFailure unreadable(String message) {
        return new TemplateFailure("template: :1: " + message, true);
    }

    static TemplateFailure unfit(String message) {
        return new TemplateFailure(message, false);
    }

    /// The failure with the place in the template's text that it speaks of.
    TemplateFailure in(String text) {
        String message = String.valueOf(getMessage());
        int start = message.indexOf("at <");
        int end = message.indexOf(">:");
        String place = "1:";
        if (start >= 0 && end > start) {
            int found = Math.max(0, text.indexOf(message.substring(start + 4, end)));
            int line = 1;
            int lineStart = 0;
            for (int feed = text.indexOf('\n'); feed >= 0 && feed < found; feed = text.indexOf('\n', feed + 1)) {
                line++;
                lineStart = feed + 1;
            }
            place = line + ":" + (found - lineStart) + ":";
        }
        return new TemplateFailure("template: :" + place + " " + message, false);
    }

    /// Whether the text itself is wrong, as against its data.
    public boolean isUnreadable() {
        return reading;
    }
}
