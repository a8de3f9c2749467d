package io.panal.images.transfer;

import io.panal.images.manifest.Descriptor;
import io.panal.images.reference.Digest;
import io.panal.images.reference.Reference;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/// Where pulled content goes; called from several threads, never twice at once for one digest by one [Puller].
public interface ContentSink {
    /// Whether it holds these bytes, whole and checked.
    boolean has(Digest digest) throws IOException;

    /// What the name stands for now, if all of that image is here.
    Optional<Digest> current(Reference name) throws IOException;

    /// Begins or takes up again the writing of a blob.
    Writer open(Descriptor blob) throws IOException;

    /// All content of an image is here: unpacks it as far as the sink does so, and names it.
    ///
    /// @param progress to tell `Extracting` of layers to; the [Puller] tells the rest
    void complete(PulledImage image, Consumer<Progress> progress) throws IOException;

    /// One blob on its way; what was written stays when it is closed without a commit.
    interface Writer extends Closeable {
        /// How many bytes an earlier writer left, or this one has taken.
        long offset() throws IOException;

        /// Takes all of the buffer.
        void write(ByteBuffer bytes) throws IOException;

        /// Makes it content, durable and visible.
        ///
        /// The [Puller] checks the digest too, but cannot where an earlier writer left bytes.
        ///
        /// @throws IOException when the bytes are not what the digest says
        void commit() throws IOException;

        /// Throws away what was written, because it is wrong; the next writer begins at zero.
        void reset() throws IOException;
    }
}
