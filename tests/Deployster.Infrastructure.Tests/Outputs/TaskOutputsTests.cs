using Deployster.Application.Output;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.Outputs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Outputs;

public sealed class TaskOutputsTests
{
    private string _root = null!;
    private TaskOutputs _outputs = null!;

    [SetUp]
    public void SetUp()
    {
        _root = Directory.CreateTempSubdirectory("deployster-outputs-").FullName;
        _outputs = new TaskOutputs(new TaskOutputOptions(_root, Keep: 1 << 16), TimeProvider.System);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    [Test]
    public void List_WhenNothingWasEverKept_GivesNone() => _outputs.List().Should().BeEmpty();

    [Test]
    public void List_WhenOtherFoldersAndFilesLieThere_GivesOnlyTasks()
    {
        var id = Keep();
        Directory.CreateDirectory(Path.Combine(_root, "tasks", "lost+found"));
        File.WriteAllText(Path.Combine(_root, "tasks", TaskId.New(DateTimeOffset.UnixEpoch).Value), "a file");

        _outputs.List().Should().Equal(id);
    }

    [Test]
    public void Remove_WhenOutputIsKept_ForgetsIt()
    {
        _outputs.Remove(Keep());

        _outputs.List().Should().BeEmpty();
    }

    private TaskId Keep()
    {
        var id = TaskId.New(DateTimeOffset.UnixEpoch);
        using var output = _outputs.Open(id);
        output.Write(OutputSource.Stdout, "text"u8.ToArray());
        return id;
    }
}
