/// Commands, their flags and their help, by the docker client's rules.
///
/// **Invariant:** knows how a command line is read and answered, never what a command does.
@NullMarked
package io.panal.cli.command;

import org.jspecify.annotations.NullMarked;
