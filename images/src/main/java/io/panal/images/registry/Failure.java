package io.panal.images.registry;

import java.io.Serial;

/// A request that cannot be served: the error of the distribution specification that says so.
final class Failure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /// The specification's codes with their HTTP status and plain words.
    enum Code {
        BLOB_UNKNOWN(404, "blob unknown to registry"),
        BLOB_UPLOAD_INVALID(416, "blob upload invalid"),
        BLOB_UPLOAD_UNKNOWN(404, "blob upload unknown to registry"),
        DIGEST_INVALID(400, "provided digest did not match uploaded content"),
        MANIFEST_BLOB_UNKNOWN(400, "blob unknown to registry"),
        MANIFEST_INVALID(400, "manifest invalid"),
        MANIFEST_UNKNOWN(404, "manifest unknown"),
        NAME_INVALID(400, "invalid repository name"),
        NAME_UNKNOWN(404, "repository name not known to registry"),
        PAGINATION_NUMBER_INVALID(400, "invalid number of results requested"),
        RANGE_INVALID(416, "requested range not satisfiable"),
        SIZE_INVALID(413, "content is too large"),
        TAG_INVALID(400, "manifest tag did not match URI"),
        UNSUPPORTED(405, "the operation is unsupported"),
        NOT_FOUND(404, "no such path");

        final int status;
        final String words;

        Code(int status, String words) {
            this.status = status;
            this.words = words;
        }
    }

    private final Code code;
    private final String detail;

    Failure(Code code, String detail) {
        super(code.words + ": " + detail);
        this.code = code;
        this.detail = detail;
    }

    Code code() {
        return code;
    }

    /// What it is about: a digest, a name, a reason.
    String detail() {
        return detail;
    }
}
