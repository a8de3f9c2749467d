/// `panal stack`: services, networks, secrets and configs that belong together by a label.
///
/// **Invariant:** what belongs to a stack is what carries its label; nothing else is looked at or removed.
@NullMarked
package io.panal.cli.stack;

import org.jspecify.annotations.NullMarked;
