package io.panal.core.api;

import io.panal.core.store.View;
import java.util.function.Supplier;

/// A request with all that its answer depends on.
///
/// @param keys makes keys and certificates
/// @param freshName gives a name that no object has yet, 25 characters of base 36
record Ask(ApiRequest request, View view, Standing.Manager standing, Supplier<String> freshName, KeyMaker keys) {
    Query query() {
        return request.query();
    }

    ApiResult notMine() {
        return new ApiResult.NotMine();
    }
}
