package io.panal.core.agent;

import io.panal.core.model.Id;
import io.panal.core.model.Task;
import io.panal.core.model.TaskStatus;

/// What a node saw of one of its tasks.
public record Report(Id<Task> task, TaskStatus status) {}
