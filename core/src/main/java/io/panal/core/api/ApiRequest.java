package io.panal.core.api;

import java.util.List;

/// A request of the Engine API as data.
///
/// @param method in capitals
/// @param path without the version prefix, decoded, beginning with `/`
/// @param body the text sent, empty when none
/// @param registryAuth the header `X-Registry-Auth`, empty when none
public record ApiRequest(String method, String path, Query query, String body, String registryAuth) {
    /// Of a read.
    public static ApiRequest get(String path, String query) {
        return new ApiRequest("GET", path, Query.parse(query), "", "");
    }

    /// The path's parts: `/services/web/update` has three.
    List<String> segments() {
        return List.of(path.substring(1).split("/", -1));
    }
}
