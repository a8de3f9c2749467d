package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The users and groups an image knows, by its `/etc/passwd` and `/etc/group`.
///
/// @param passwd text of the file; empty when the image has none
record Accounts(String passwd, String group) {
    /// As whom a process runs.
    record Identity(long uid, long gid, List<Long> groups) {}

    private static final long LARGEST_FILE_BYTES = 4 << 20;

    private record User(String name, long uid, long gid) {}

    private record Group(String name, long gid, List<String> members) {}

    /// Resolves `user[:group]`, names or numbers, as docker does: a number need not be known, and the groups that list
    /// the user as a member are added unless a group is given.
    ///
    /// @param wanted     empty for root
    /// @param additional further groups, names or numbers
    Identity resolve(String wanted, List<String> additional) throws ContainersException {
        var parts = wanted.split(":", 2);
        var userPart = parts[0].isEmpty() ? "0" : parts[0];
        var groupPart = parts.length > 1 ? parts[1] : "";
        var user = users().filter(candidate -> candidate.name.equals(userPart)
                        || Long.toString(candidate.uid).equals(userPart))
                .findFirst();
        if (user.isEmpty() && !isNumber(userPart)) {
            throw invalid("unable to find user %s: no matching entries in passwd file".formatted(userPart));
        }
        long uid = user.map(User::uid).orElseGet(() -> Long.parseLong(userPart));
        var groups = new TreeSet<Long>();
        long gid = user.map(User::gid).orElse(0L);
        if (groupPart.isEmpty()) {
            user.ifPresent(known -> groups().filter(candidate -> candidate.members.contains(known.name))
                    .forEach(candidate -> groups.add(candidate.gid)));
        } else {
            gid = gid(groupPart);
        }
        for (var name : additional) {
            groups.add(gid(name));
        }
        return new Identity(uid, gid, List.copyOf(groups));
    }

    private long gid(String wanted) throws ContainersException {
        Optional<Group> group = groups().filter(candidate -> candidate.name.equals(wanted)
                        || Long.toString(candidate.gid).equals(wanted))
                .findFirst();
        if (group.isEmpty() && !isNumber(wanted)) {
            throw invalid("unable to find group %s: no matching entries in group file".formatted(wanted));
        }
        return group.map(Group::gid).orElseGet(() -> Long.parseLong(wanted));
    }

    private Stream<User> users() {
        return entries(passwd, 4)
                .map(fields ->
                        new User(fields.getFirst(), Long.parseLong(fields.get(2)), Long.parseLong(fields.get(3))));
    }

    private Stream<Group> groups() {
        return entries(group, 3)
                .map(fields -> new Group(
                        fields.getFirst(),
                        Long.parseLong(fields.get(2)),
                        fields.size() > 3 ? List.of(fields.get(3).split(",")) : List.of()));
    }

    /// Lines with at least so many fields whose numbers, from the third on, are numbers.
    private static Stream<List<String>> entries(String text, int fields) {
        return text.lines()
                .map(line -> List.of(line.strip().split(":", -1)))
                .filter(entry -> entry.size() >= fields)
                .filter(entry -> entry.subList(2, fields).stream().allMatch(Accounts::isNumber));
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,10}");
    }

    private static ContainersException invalid(String message) {
        return new ContainersException(ContainersException.Reason.INVALID, message);
    }

    /// Those of a running container, as it has them now.
    ///
    /// @param pid of one of its processes
    static Accounts inside(int pid) throws IOException {
        var etc = Path.of("/proc", Integer.toString(pid), "root", "etc");
        return new Accounts(text(etc, "passwd"), text(etc, "group"));
    }

    /// A link would be followed from the host's root, not the container's: it is not followed.
    private static String text(Path etc, String name) throws IOException {
        var file = etc.resolve(name);
        boolean plain = Files.isDirectory(etc, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) < LARGEST_FILE_BYTES;
        return plain ? Files.readString(file) : "";
    }

    /// No users and no groups: only numbers resolve.
    static Accounts none() {
        return new Accounts("", "");
    }
}
