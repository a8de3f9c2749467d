package io.panal.node.kernel;

import java.io.IOException;

/// The kernel refused: what was asked, and its error number.
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1L;

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENOBUFS = 105;

    private final int error;

    /// @param error positive errno, see errno(3)
    KernelException(String asked, int error) {
        this(asked, error, "");
    }

    KernelException(String asked, int error, String explanation) {
        super(asked + ": " + name(error) + (explanation.isEmpty() ? "" : ": " + explanation));
        this.error = error;
    }

    /// Positive errno.
    public int error() {
        return error;
    }

    private static String name(int error) {
        return switch (error) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such object";
            case ESRCH -> "no such entry";
            case EBUSY -> "busy";
            case EEXIST -> "exists already";
            case ENODEV -> "no such device";
            case EINVAL -> "invalid argument";
            case EOPNOTSUPP -> "not supported by this kernel";
            case EAFNOSUPPORT -> "address family not supported by this kernel";
            case EADDRNOTAVAIL -> "address not available";
            default -> "errno " + error;
        };
    }
}
