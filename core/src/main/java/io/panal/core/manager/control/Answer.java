package io.panal.core.manager.control;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// What came of a command. The texts are for users, in Docker's words where Docker has some.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public sealed interface Answer {
    /// It is committed.
    ///
    /// @param id of the object it was about
    /// @param version the state's when it was committed: a view at least as new shows it
    record Done(String id, long version, List<String> warnings) implements Answer {
        public Done {
            warnings = List.copyOf(warnings);
        }
    }

    /// There is no such object (404).
    record Missing(String why) implements Answer {}

    /// The name is taken, the port is taken (409).
    record Conflict(String why) implements Answer {}

    /// It is not allowed (403).
    record Denied(String why) implements Answer {}

    /// It cannot be done as asked (400).
    record Refused(String why) implements Answer {}

    /// It was made from an old version (500, as Docker says it).
    record OutOfSequence(String why) implements Answer {}

    /// Docker does not do this either (501).
    record Unsupported(String why) implements Answer {}

    /// There is no leader to do it, or its committing could not be confirmed (500 or 503).
    record Unavailable(String why) implements Answer {}
}
