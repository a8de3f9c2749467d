/// Go's text templates, as far as the docker client's `--format` uses them.
///
/// **Invariant:** a template is text and data in, text out: it reads nothing else and calls only the functions named
/// here.
@NullMarked
package io.panal.cli.template;

import org.jspecify.annotations.NullMarked;
