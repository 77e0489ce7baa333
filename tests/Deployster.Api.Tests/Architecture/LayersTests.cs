using System.Reflection;
using NetArchTest.Rules;

namespace Deployster.Api.Tests.Architecture;

/// <summary>Dependencies point inwards: Api → Infrastructure, Gateway → Application → Domain.</summary>
internal sealed class LayersTests
{
    private const string Domain = "Deployster.Domain";
    private const string Application = "Deployster.Application";
    private const string Infrastructure = "Deployster.Infrastructure";
    private const string Gateway = "Deployster.Gateway";
    private const string Api = "Deployster.Api";

    private static readonly Dictionary<string, string[]> s_mayDependOn = new()
    {
        [Domain] = [],
        [Application] = [Domain],
        [Infrastructure] = [Application, Domain],
        [Gateway] = [Application, Domain],
        [Api] = [Infrastructure, Gateway, Application, Domain],
    };

    private static readonly Dictionary<string, Assembly> s_layers = FindLayers(typeof(DeploysterServer).Assembly)
        .DistinctBy(layer => layer.FullName)
        .ToDictionary(NameOf);

    private static IEnumerable<string> Layers => s_layers.Keys;

    [Test]
    public void Layers_AreThoseOfTheDesign() =>
        Layers.Should().BeSubsetOf(s_mayDependOn.Keys).And.Contain([Domain, Application, Infrastructure, Api]);

    [TestCaseSource(nameof(Layers))]
    public void Layer_DependsInwardsOnly(string layer)
    {
        var outwards = s_mayDependOn.Keys.Except([layer, .. s_mayDependOn[layer]]).ToArray();

        Types.InAssembly(s_layers[layer]).ShouldNot().HaveDependencyOnAny(outwards).GetResult()
            .FailingTypeNames.Should().BeNullOrEmpty();
    }

    [Test]
    public void Domain_DependsOnNoPackage() =>
        s_layers[Domain].GetReferencedAssemblies().Select(reference => reference.Name)
            .Should().OnlyContain(name => name!.StartsWith("System.", StringComparison.Ordinal));

    [Test]
    public void Application_KnowsNoServerNoEngineAndNoDatabase() =>
        s_layers[Application].GetReferencedAssemblies().Select(reference => reference.Name)
            .Should().NotContain(name => IsOfAnAdapter(name!));

    // Only assemblies whose types are used stand among an assembly's references.
    private static IEnumerable<Assembly> FindLayers(Assembly from) =>
        from.GetReferencedAssemblies()
            .Where(reference => reference.Name!.StartsWith("Deployster.", StringComparison.Ordinal))
            .SelectMany(reference => FindLayers(Assembly.Load(reference)))
            .Prepend(from);

    // The program is named after the service, not after its layer.
    private static string NameOf(Assembly layer) => layer == typeof(DeploysterServer).Assembly ? Api : layer.GetName().Name!;

    private static bool IsOfAnAdapter(string reference) =>
        new[] { "Docker", "Refit", "Polly", "Yarp", "Microsoft.AspNetCore", "Dapper", "Microsoft.Data.Sqlite", "System.Net.Http" }
            .Any(package => reference.StartsWith(package, StringComparison.Ordinal));
}
