using System.Collections.Immutable;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Maintenances;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MaintenanceFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Test]
    public void Read_OfWhatWasWritten_GivesTheSame()
    {
        var closed = ImmutableDictionary<ServiceName, Maintenance>.Empty
            .Add(ServiceName.Parse("shop"), new Maintenance("Back at \"nine\" — <soon>.", TimeSpan.FromMinutes(5)))
            .Add(ServiceName.Parse("blog"), new Maintenance(null, null));

        Open().Write(closed);

        Open().Read().Should().BeEquivalentTo(closed);
    }

    [Test]
    public void Read_WhenNothingWasWritten_IsEmpty() => Open().Read().Should().BeEmpty();

    [TestCase("")]
    [TestCase("{\"shop\":")]
    [TestCase("{\"No Name\":{}}")]
    [TestCase("null")]
    public async Task Read_WhenTheFileIsBroken_IsEmptyAndTheNextWriteMendsIt(string text)
    {
        await File.WriteAllTextAsync(Path, text);

        Open().Read().Should().BeEmpty();
        Open().Write(ImmutableDictionary<ServiceName, Maintenance>.Empty.Add(ServiceName.Parse("shop"), new Maintenance("x", null)));

        Open().Read().Should().HaveCount(1);
    }

    [Test]
    public void Write_WhenTheFolderIsGone_MakesIt()
    {
        _folder.Delete();

        Open().Write(ImmutableDictionary<ServiceName, Maintenance>.Empty);

        File.Exists(Path).Should().BeTrue();
    }

    private string Path => System.IO.Path.Combine(_folder.FullName, "maintenance.json");

    private MaintenanceFile Open() => new(Path, NullLogger<MaintenanceFile>.Instance);
}
