using System.Runtime.Versioning;
using System.Text;
using Deployster.Application.Output;
using Deployster.Application.Tasks;
using Deployster.Infrastructure.Outputs;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Outputs;

public sealed class TaskOutputTests
{
    private const int Keep = 64 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private string _root = null!;
    private FakeTimeProvider _clock = null!;

    private string Folder => Path.Combine(_root, "task");

    [SetUp]
    public void SetUp()
    {
        _root = Directory.CreateTempSubdirectory("deployster-output-").FullName;
        _clock = new FakeTimeProvider();
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task Follow_WhenOutputIsComplete_GivesAllOfItByItsSources()
    {
        using var output = Open();
        Write(output, "one ");
        Write(output, "two");
        Write(output, "error", OutputSource.Stderr);
        output.Dispose();

        var chunks = await ReadAsync(TaskOutput.OpenComplete(Folder));

        chunks.Should().Equal((OutputSource.Stdout, "one two", 0L), (OutputSource.Stderr, "error", 0L));
    }

    [Test]
    public async Task Follow_WhenOutputGoesOn_GivesEachPieceWhenItComes()
    {
        using var output = Open();
        using var followed = output.Follow();
        await using var chunks = followed.ReadAsync(default).GetAsyncEnumerator();

        foreach (var text in (string[])["first", "second"])
        {
            var next = chunks.MoveNextAsync();
            next.IsCompleted.Should().BeFalse();
            Write(output, text);
            (await next.AsTask().WaitAsync(s_limit)).Should().BeTrue();
            Encoding.UTF8.GetString(chunks.Current.Bytes.Span).Should().Be(text);
            chunks.Current.HasMore.Should().BeFalse();
        }

        var end = chunks.MoveNextAsync();
        output.Dispose();
        (await end.AsTask().WaitAsync(s_limit)).Should().BeFalse();
    }

    [Test]
    public async Task Follow_WhenItBeganBeforeMuchWasWritten_GivesAllOfIt()
    {
        using var output = Open();
        using var followed = output.Follow();
        var written = WriteMuch(output, Keep * 5);
        output.Dispose();

        var read = string.Concat((await ReadAsync(followed)).Select(chunk => chunk.Text));

        (read == written).Should().BeTrue();
    }

    [Test]
    public async Task Follow_WhenMoreWasWrittenThanIsKept_GivesTheEndAndHowMuchIsMissing()
    {
        using var output = Open();
        var written = WriteMuch(output, Keep * 5);
        output.Dispose();

        var chunks = await ReadAsync(TaskOutput.OpenComplete(Folder));

        var read = string.Concat(chunks.Select(chunk => chunk.Text));
        read.Length.Should().BeInRange(Keep / 4, Keep);
        written.EndsWith(read, StringComparison.Ordinal).Should().BeTrue();
        chunks.Select(chunk => chunk.Missing).Should().StartWith(written.Length - read.Length).And.Subject.Skip(1).Should().OnlyContain(missing => missing == 0);
        output.IsCut.Should().BeTrue();
    }

    [Test]
    public void Follow_WhenDisposedOf_LetsGoOfWhatIsNotToBeKept()
    {
        using var output = Open();
        using (output.Follow())
        {
            WriteMuch(output, Keep * 3);
            SizeOf(Folder).Should().BeGreaterThan(Keep * 3);
        }

        SizeOf(Folder).Should().BeLessThan(Keep * 2);
    }

    [Test]
    public async Task Follow_WhenFollowerStandsStill_KeepsNoMoreForItAndTellsWhatItMissed()
    {
        using var output = Open();
        Write(output, "first");
        using var followed = output.Follow();
        await using var chunks = followed.ReadAsync(default).GetAsyncEnumerator();
        await chunks.MoveNextAsync();
        var written = WriteMuch(output, Keep * 5);
        SizeOf(Folder).Should().BeGreaterThan(Keep * 5);

        _clock.Advance(TimeSpan.FromSeconds(60));
        await WaitFor.TrueAsync(() => SizeOf(Folder) < Keep * 2, "what is not read is let go of, even while nothing more comes");
        output.Dispose();

        (await chunks.MoveNextAsync()).Should().BeTrue();
        var missing = chunks.Current.MissingBefore;
        var read = await ReadAllAsync(chunks);
        (missing + read.Length).Should().Be(written.Length);
        written.EndsWith(read, StringComparison.Ordinal).Should().BeTrue();
    }

    [Test]
    public async Task Follow_WhenFollowerHasNotBegunToRead_IsToldWhatItMissed()
    {
        using var output = Open();
        using var followed = output.Follow();
        var written = WriteMuch(output, Keep * 3);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await WaitFor.TrueAsync(() => SizeOf(Folder) < Keep * 2, "what is not read is let go of");
        output.Dispose();

        var chunks = await ReadAsync(followed);

        (chunks[0].Missing + chunks.Sum(chunk => chunk.Text.Length)).Should().Be(written.Length);
        chunks[0].Missing.Should().BePositive();
    }

    [Test]
    public async Task Follow_WhenFollowerIsSlowButMoves_GivesAllOfIt()
    {
        using var output = Open();
        using var followed = output.Follow();
        var written = WriteMuch(output, Keep * 5);
        output.Dispose();
        var read = new StringBuilder();

        await foreach (var chunk in followed.ReadAsync(default))
        {
            chunk.MissingBefore.Should().Be(0);
            read.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
            _clock.Advance(TimeSpan.FromSeconds(50));
        }

        (read.ToString() == written).Should().BeTrue();
    }

    [Test]
    public async Task Follow_WhenFollowerHadNothingToReadForLong_HasItsTimeFromThenOn()
    {
        using var output = Open();
        Write(output, "first");
        using var followed = output.Follow();
        await using var chunks = followed.ReadAsync(default).GetAsyncEnumerator();
        await chunks.MoveNextAsync();
        _clock.Advance(TimeSpan.FromHours(1));

        var written = WriteMuch(output, Keep * 5);
        output.Dispose();

        (await chunks.MoveNextAsync()).Should().BeTrue();
        chunks.Current.MissingBefore.Should().Be(0);
        (await ReadAllAsync(chunks) == written).Should().BeTrue();
    }

    [Test]
    public async Task Open_WhenThereIsOutputAlready_GoesOnBehindIt()
    {
        using (var before = Open())
        {
            Write(before, "before ");
            Write(before, "error", OutputSource.Stderr);
        }

        using var output = Open();
        output.LengthOf(OutputSource.Stdout).Should().Be(7);
        output.LengthOf(OutputSource.Stderr).Should().Be(5);
        Write(output, "after");
        output.Dispose();

        string.Concat((await ReadAsync(TaskOutput.OpenComplete(Folder))).Select(chunk => chunk.Text)).Should().Be("before errorafter");
    }

    [Test]
    public async Task Open_WhenTheLastPieceWasNotWrittenToItsEnd_WritesOverIt()
    {
        using (var before = Open())
        {
            Write(before, "whole ");
            Write(before, "torn");
        }

        var file = Directory.GetFiles(Folder).Single();
        using (var cut = File.Open(file, FileMode.Open))
        {
            cut.SetLength(cut.Length - 2);
        }

        (await ReadAsync(TaskOutput.OpenComplete(Folder))).Should().Equal((OutputSource.Stdout, "whole ", 0L));
        using var output = Open();
        output.LengthOf(OutputSource.Stdout).Should().Be(6);
        Write(output, "again");
        output.Dispose();
        (await ReadAsync(TaskOutput.OpenComplete(Folder))).Should().Equal((OutputSource.Stdout, "whole again", 0L));
    }

    [Test]
    public async Task Follow_WhenNothingWasWritten_EndsAtOnce()
    {
        (await ReadAsync(TaskOutput.OpenComplete(Folder))).Should().BeEmpty();
        Directory.Exists(Folder).Should().BeFalse();
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void Write_WhenFolderIsMade_IsForNobodyElse()
    {
        using var output = Open();

        Write(output, "secret");

        File.GetUnixFileMode(Folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private TaskOutput Open() => TaskOutput.Open(Folder, Keep, _clock);

    /// <summary>Reads from the current piece to the end.</summary>
    private static async Task<string> ReadAllAsync(IAsyncEnumerator<OutputChunk> chunks)
    {
        var read = new StringBuilder();
        do
        {
            read.Append(Encoding.UTF8.GetString(chunks.Current.Bytes.Span));
        }
        while (await chunks.MoveNextAsync());
        return read.ToString();
    }

    private static void Write(ITaskOutput output, string text, OutputSource source = OutputSource.Stdout) =>
        output.Write(source, Encoding.UTF8.GetBytes(text));

    private static string WriteMuch(ITaskOutput output, int length)
    {
        var written = new StringBuilder();
        while (written.Length < length)
        {
            var line = $"line {written.Length}\n";
            Write(output, line);
            written.Append(line);
        }

        return written.ToString();
    }

    private static long SizeOf(string folder) => Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length);

    private static async Task<List<(OutputSource Source, string Text, long Missing)>> ReadAsync(TaskOutput output)
    {
        using var followed = output.Follow();
        return await ReadAsync(followed);
    }

    private static async Task<List<(OutputSource Source, string Text, long Missing)>> ReadAsync(IKeptOutput followed)
    {
        var chunks = new List<(OutputSource, string, long)>();
        await foreach (var chunk in followed.ReadAsync(default))
        {
            chunks.Add((chunk.Source, Encoding.UTF8.GetString(chunk.Bytes.Span), chunk.MissingBefore));
        }

        return chunks;
    }
}
