package io.panal.node.containers;

/// Which of its two outputs a container wrote to.
public enum LogStream {
    STDOUT,
    STDERR
}
