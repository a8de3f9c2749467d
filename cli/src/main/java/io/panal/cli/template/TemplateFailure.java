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
        return new TemplateFailure("template: :1: " + message, false);
    }

    /// Whether the text itself is wrong, as against its data.
    public boolean isUnreadable() {
        return reading;
    }
}
