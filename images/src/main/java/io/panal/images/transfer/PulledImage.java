package io.panal.images.transfer;

import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.reference.Reference;

/// An image that was fetched whole.
///
/// @param name as asked for, with tag or digest
/// @param target what the name stands for in the registry: the manifest, or the index it was chosen from
/// @param manifest of the one platform that was fetched; its configuration and layers are in the sink
public record PulledImage(Reference name, Descriptor target, Manifest.Image manifest) {}
