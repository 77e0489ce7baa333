using System.Text.RegularExpressions;

namespace Deployster.Application.Tests.Fleet;

/// <summary>Only one reads the fleet: all others take its readings.</summary>
internal sealed partial class ReaderTests
{
    private static readonly string s_sources = Path.Combine(ProjectFolder.Root, "src");

    [Test]
    public void ReadAsync_OfTheFleet_IsCalledByItsMonitorAlone()
    {
        var readers = Directory.EnumerateFiles(s_sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(s_sources, file).Split(Path.DirectorySeparatorChar).Contains("obj"))
            .Where(file => ReadsFleet(File.ReadAllText(file)))
            .Select(file => Path.GetFileName(file));

        readers.Should().Equal("FleetMonitor.cs");
    }

    [TestCase("sealed class A(IFleetClient fleet) { object B() => fleet.ReadAsync(default); }", true)]
    [TestCase("private readonly IFleetClient _units; object B() => this._units .ReadAsync(default);", true)]
    [TestCase("object B() => provider.GetRequiredService<IFleetClient>().ReadAsync(default);", true)]
    [TestCase("sealed class A(IFleetClient fleet, FleetMonitor monitor) { object B() => monitor.ReadAsync(default); }", false)]
    public void ReadsFleet_OfAText_FindsTheCall(string text, bool reads) => ReadsFleet(text).Should().Be(reads);

    private static bool ReadsFleet(string text) =>
        Named().Matches(text).Select(match => match.Groups["name"].Value)
            .Any(name => Regex.IsMatch(text, $@"\b{name}\s*\.ReadAsync\("))
        || Resolved().IsMatch(text);

    [GeneratedRegex(@"\bIFleetClient\??\s+(?<name>\w+)")]
    private static partial Regex Named();

    [GeneratedRegex(@"<IFleetClient>\(\)\s*\.ReadAsync\(")]
    private static partial Regex Resolved();
}
