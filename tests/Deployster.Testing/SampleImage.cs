using System.Formats.Tar;
using System.Globalization;
using System.Text;

namespace Deployster.Testing;

/// <summary>
/// A tiny service on static busybox, and how it behaves. It answers on port 3000: <c>/</c> with its version and
/// host name, <c>/health</c> with 200, <c>/env</c> with its environment; and it stops at once when it is told to.
/// Its commands <c>worker</c> and <c>migrate</c> are what such applications have besides.
/// Its shell is <c>/bin/sh</c>, for commands of a test's own.
/// </summary>
public sealed record SampleImage
{
    public static SampleImage Good { get; } = new();

    public static SampleImage ExitsAtOnce { get; } = new() { Behaviour = "exit", ExitCode = 3 };

    public static SampleImage NeverListens { get; } = new() { Behaviour = "deaf" };

    public static SampleImage UnhealthyPath { get; } = new() { HealthStatus = 500 };

    public static SampleImage IgnoresSigterm { get; } = new() { Behaviour = "stubborn" };

    /// <summary>Has a HEALTHCHECK that passes where the file <c>/tmp/well</c> exists.</summary>
    public static SampleImage WithHealthcheck { get; } = new()
    {
        Instructions = "HEALTHCHECK --interval=1s --timeout=2s --retries=1 CMD [\"/bin/sh\", \"-c\", \"test -e /tmp/well\"]",
    };

    /// <summary>Its command <c>migrate</c> ends with exit code 1.</summary>
    public static SampleImage CannotMigrate { get; } = new() { MigrateCode = 1 };

    /// <summary>Its entrypoint is a shell that waits for a line.</summary>
    public static SampleImage WithShell { get; } = new() { Instructions = "ENTRYPOINT [\"/bin/sh\", \"-c\"]" };

    public string Behaviour { get; private init; } = "serve";

    public int ExitCode { get; private init; } = 1;

    public int HealthStatus { get; private init; } = 200;

    public int DelaySeconds { get; private init; }

    public int MigrateCode { get; private init; }

    public int LifeSeconds { get; private init; }

    public string Instructions { get; private init; } = "";

    /// <summary>Serves, and ends with exit code 1 after some time.</summary>
    public static SampleImage DiesAfter(int seconds) => new() { LifeSeconds = seconds };

    /// <summary>Takes its time over every answer.</summary>
    public static SampleImage AnswersAfter(int seconds) => new() { DelaySeconds = seconds };

    /// <summary>The build's context for the engine, with this image as version <paramref name="version"/>.</summary>
    internal MemoryStream ToBuildContext(string version)
    {
        var context = new MemoryStream();
        using (var tar = new TarWriter(context, leaveOpen: true))
        {
            AddText(tar, "Dockerfile", Dockerfile(version));
            AddText(tar, "root/bin/serve", Serve, executable: true);
            AddText(tar, "root/bin/answer", Answer, executable: true);
            AddText(tar, "root/bin/worker", Worker, executable: true);
            AddText(tar, "root/bin/migrate", Migrate, executable: true);
            AddBytes(tar, "root/bin/busybox", File.ReadAllBytes(Busybox()), executable: true);
            foreach (var applet in (string[])["sh", "sleep", "hostname", "nc", "env", "cat", "touch", "rm", "dd", "kill", "killall"])
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"root/bin/{applet}") { LinkName = "busybox" });
            }

            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "root/tmp"));
        }

        context.Position = 0;
        return context;
    }

    private const string Serve =
        """
        #!/bin/sh
        # A shell, not the server, is process 1: it ends at once when it is told to.
        trap 'exit 0' TERM
        [ "$BEHAVIOUR" = stubborn ] && trap '' TERM
        echo "version $VERSION starts"
        if [ "$BEHAVIOUR" = exit ]; then echo "cannot go on" >&2; exit "$EXIT_CODE"; fi
        if [ "$BEHAVIOUR" != deaf ]; then
          nc -ll -p 3000 -e /bin/answer &
        fi
        if [ "$LIFE_SECONDS" -gt 0 ]; then
          sleep "$LIFE_SECONDS" & wait $!
          echo "cannot go on" >&2
          exit "$EXIT_CODE"
        fi
        while true; do sleep 3600 & wait $!; done

        """;

    private const string Worker =
        """
        #!/bin/sh
        trap 'echo "version $VERSION has ended its work"; exit 0' TERM
        echo "version $VERSION works"
        while true; do sleep 3600 & wait $!; done

        """;

    private const string Migrate =
        """
        #!/bin/sh
        echo "migrating to version $VERSION"
        exit "$MIGRATE_CODE"

        """;

    private const string Answer =
        """
        #!/bin/sh
        read -r method path rest
        while read -r line && [ "${#line}" -gt 1 ]; do :; done
        sleep "$DELAY_SECONDS"
        status=200
        case "$path" in
          /) body="version $VERSION on $(hostname)" ;;
          /health*) status="$HEALTH_STATUS"; body="health $status" ;;
          /env) body="$(env)" ;;
          *) status=404; body="nothing at $path" ;;
        esac
        printf 'HTTP/1.1 %s Status\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s\n' \
          "$status" "$((${#body} + 1))" "$body"

        """;

    private string Dockerfile(string version) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        FROM scratch
        COPY root/ /
        ENV BEHAVIOUR={Behaviour} EXIT_CODE={ExitCode} HEALTH_STATUS={HealthStatus} DELAY_SECONDS={DelaySeconds} MIGRATE_CODE={MigrateCode} LIFE_SECONDS={LifeSeconds}
        {Instructions}
        EXPOSE 3000
        ENV VERSION={version}
        CMD ["/bin/serve"]

        """);

    private static string Busybox() =>
        ((string[])["/bin/busybox", "/usr/bin/busybox"]).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("The sample image needs static busybox: apt-get install busybox-static");

    private static void AddText(TarWriter tar, string name, string text, bool executable = false) =>
        AddBytes(tar, name, Encoding.UTF8.GetBytes(text), executable);

    // The times are fixed, so that the engine's build cache knows the files again.
    private static void AddBytes(TarWriter tar, string name, byte[] content, bool executable) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(content),
            Mode = (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100),
            ModificationTime = DateTimeOffset.UnixEpoch,
        });
}
