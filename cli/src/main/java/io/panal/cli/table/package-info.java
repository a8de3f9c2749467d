/// Lists as the docker client prints them: tables with a gutter of three blanks, or one line per row by a template.
///
/// **Invariant:** rows in, text out; nothing here prints or asks a daemon.
@NullMarked
package io.panal.cli.table;

import org.jspecify.annotations.NullMarked;
