/// JSON as trees of maps, lists, strings, numbers, booleans and nulls.
///
/// **Invariant:** objects keep the order they were read or built in; text comes out escaped as Go's encoder does.
@NullMarked
package io.panal.cli.json;

import org.jspecify.annotations.NullMarked;
