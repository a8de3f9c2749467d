package io.panal.images.archive;

import java.time.Instant;

/// What an archive says of one file.
///
/// @param name      as it is written; a directory's may end with a slash
/// @param mode      the lower twelve bits
/// @param sizeBytes of the content that follows; zero but for files
/// @param link      what a link points to; empty for others
/// @param device    major and minor number of a device
public record TarEntry(
        String name, Kind kind, int mode, Owner owner, Instant modified, long sizeBytes, String link, Device device) {
    /// What sort of file it is.
    public enum Kind {
        FILE('0'),
        HARD_LINK('1'),
        SYMBOLIC_LINK('2'),
        CHARACTER_DEVICE('3'),
        BLOCK_DEVICE('4'),
        DIRECTORY('5'),
        PIPE('6');

        final char flag;

        Kind(char flag) {
            this.flag = flag;
        }
    }

    /// By number.
    public record Owner(long user, long group) {
        public static final Owner ROOT = new Owner(0, 0);
    }

    public record Device(int major, int minor) {
        public static final Device NONE = new Device(0, 0);
    }

    public static TarEntry directory(String name, int mode, Owner owner, Instant modified) {
        return new TarEntry(name, Kind.DIRECTORY, mode, owner, modified, 0, "", Device.NONE);
    }

    public static TarEntry file(String name, int mode, Owner owner, Instant modified, long sizeBytes) {
        return new TarEntry(name, Kind.FILE, mode, owner, modified, sizeBytes, "", Device.NONE);
    }

    public static TarEntry symbolicLink(String name, Owner owner, Instant modified, String to) {
        return new TarEntry(name, Kind.SYMBOLIC_LINK, 0777, owner, modified, 0, to, Device.NONE);
    }

    /// The same file under another name.
    public TarEntry called(String other) {
        return new TarEntry(other, kind, mode, owner, modified, sizeBytes, link, device);
    }

    /// The same file of somebody else.
    public TarEntry ownedBy(Owner other) {
        return new TarEntry(name, kind, mode, other, modified, sizeBytes, link, device);
    }

    /// The same link to another place.
    public TarEntry linkedTo(String other) {
        return new TarEntry(name, kind, mode, owner, modified, sizeBytes, other, device);
    }
}
