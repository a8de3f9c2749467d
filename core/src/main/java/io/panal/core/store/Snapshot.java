package io.panal.core.store;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.panal.core.codec.Codec;
import io.panal.core.model.Stored;
import java.util.ArrayList;
import java.util.List;

/// A view as bytes and back.
public final class Snapshot {
    /// @param format of what follows; only 1 exists
    private record Contents(int format, long version, List<Entry> objects) {}

    private record Entry(
            @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
            Stored<?> object) {}

    private Snapshot() {}

    public static byte[] write(View view) {
        List<Entry> objects = new ArrayList<>();
        for (Kind<?> kind : Kind.ALL) {
            for (Stored<?> object : view.table(kind).all()) {
                objects.add(new Entry(object));
            }
        }
        return Codec.BINARY.write(new Contents(1, view.version(), objects));
    }

    /// @throws IllegalStateException when it is of a format that this program does not know
    public static View read(byte[] bytes) {
        Contents contents = Codec.BINARY.read(bytes, Contents.class);
        if (contents.format() != 1) {
            throw new IllegalStateException("a snapshot of format %d".formatted(contents.format()));
        }
        return View.restored(
                contents.version(),
                contents.objects().stream().map(Entry::object).toList());
    }
}
