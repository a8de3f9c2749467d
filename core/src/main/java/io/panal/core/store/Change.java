package io.panal.core.store;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.panal.core.model.Stored;

/// One step of the state: an object put in place of what was there, or taken away.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public sealed interface Change {
    /// @param object the whole object; its meta is stamped when the change is applied
    record Put(
            @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
            Stored<?> object) implements Change {}

    /// @param kind a [Kind]'s name
    record Delete(String kind, String id) implements Change {}
}
