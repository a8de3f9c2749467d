package io.panal.core.api;

/// Ends the work on a request that cannot be answered as asked; [ClusterApi#handle] turns it into an answer.
public final class ApiRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    ApiRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    /// As swarmkit says that an argument is wrong.
    public static ApiRefusal invalid(String message) {
        return new ApiRefusal(400, "rpc error: code = InvalidArgument desc = " + message);
    }

    /// @param kind service, node, task, network, secret or config
    static ApiRefusal missing(String kind, String name) {
        return new ApiRefusal(404, "%s %s not found".formatted(kind, name));
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The sentence for the user.
    public String message() {
        return String.valueOf(getMessage());
    }

    ApiResult.Answered answer() {
        return ApiResult.Answered.refused(status, message());
    }
}
