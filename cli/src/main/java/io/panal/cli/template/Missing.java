package io.panal.cli.template;

/// What a map gives for a key it does not have; shown as `<no value>`, and not the same as a null that is there.
enum Missing {
    VALUE
}
