package io.panal.core.agent;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;

/// What the leader says to a node within a session.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public sealed interface Downward {
    /// The session is open; everything is to be reported once more.
    record Welcome(String session) implements Downward {}

    /// The first of a session.
    record Orders(String session, Assignments assignments) implements Downward {}

    /// Those that follow, each put on the one before it.
    record Changes(String session, OrderChanges changes) implements Downward {}

    /// What came of [Upward.Hosts].
    ///
    /// @param status of HTTP; 200 when it is done
    /// @param why not, for the user
    record Hosted(Id<Guest> guest, int status, String why) implements Downward {}

    /// The parting or farewell is in the log.
    record Released() implements Downward {}
}
