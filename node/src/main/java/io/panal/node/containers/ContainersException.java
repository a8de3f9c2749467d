package io.panal.node.containers;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Objects;

/// Why a container or image could not be handled as asked. The message is fit for a user.
public final class ContainersException extends IOException {
    private static final long serialVersionUID = 1L;

    /// What kind of refusal it is.
    public enum Reason {
        /// There is no such container, image or blob.
        MISSING,
        /// It exists already, or its state does not allow it.
        CONFLICT,
        /// The request itself is wrong.
        INVALID,
        /// containerd does not answer now; asking again later may help.
        UNAVAILABLE,
        /// The runtime tried and failed.
        FAILED
    }

    private final Reason reason;

    public ContainersException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    ContainersException(StatusRuntimeException refused) {
        super(messageOf(refused.getStatus()), refused);
        this.reason = reasonOf(refused.getStatus().getCode());
    }

    /// Why, fit for a user.
    public String text() {
        return Objects.requireNonNullElse(getMessage(), reason.toString());
    }

    public Reason reason() {
        return reason;
    }

    private static String messageOf(Status status) {
        String description = status.getDescription();
        return description == null ? "containerd: " + status.getCode() : description;
    }

    private static Reason reasonOf(Status.Code code) {
        return switch (code) {
            case NOT_FOUND -> Reason.MISSING;
            case ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED -> Reason.CONFLICT;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> Reason.INVALID;
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> Reason.UNAVAILABLE;
            case OK,
                    UNKNOWN,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNAUTHENTICATED -> Reason.FAILED;
        };
    }
}
