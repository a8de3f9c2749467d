package io.panal.machines.model;

/// What came of a program.
///
/// @param status its exit status; 128 and the signal's number when a signal ended it
public record Execution(int status, String output, String errors) {}
