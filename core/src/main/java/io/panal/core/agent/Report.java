package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskStatus;
import java.util.Objects;

/// What a node saw of one of its tasks.
///
/// A node may be anything: what it leaves out makes no report, and its texts are cut where they are read by nobody any
/// more, so that one report always fits an entry of the log.
public record Report(Id<Task> task, TaskStatus status) {
    private static final int TEXT_CHARACTERS_MAX = 4096;

    public Report {
        Objects.requireNonNull(task, "a report is of a task");
        Objects.requireNonNull(status.timestamp(), "a report has its time");
        Objects.requireNonNull(status.state(), "a report has a state");
        status = status.told(cut(status.message()), cut(status.err()));
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARACTERS_MAX ? text : text.substring(0, TEXT_CHARACTERS_MAX) + "...";
    }
}
