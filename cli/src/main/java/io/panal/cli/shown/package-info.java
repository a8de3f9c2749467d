/// How the API's values are shown: names, states, images, ports, times, inspections.
///
/// **Invariant:** turns what was read into text; asks the daemon only for the name behind an id.
@NullMarked
package io.panal.cli.shown;

import org.jspecify.annotations.NullMarked;
