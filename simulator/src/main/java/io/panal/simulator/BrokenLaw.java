package io.panal.simulator;

/// The cluster did what it never may do.
public final class BrokenLaw extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public BrokenLaw(String what) {
        super(what);
    }
}
