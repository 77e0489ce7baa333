using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using Deployster.Domain.Units;
using FluentAssertions;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

/// <summary>What holds of each field because it is declared: a new one is tested here as soon as it is.</summary>
[TestFixtureSource(nameof(s_names))]
internal sealed class SpecFieldsTests(string name)
{
    private static readonly string[] s_names = [.. SpecFields.All.Select(field => field.Name)];

    // Where the port is 0, min_healthy_seconds has another default.
    private static readonly IReadOnlyList<DeploySpec> s_specs = [.. Generate.Spec.Where(spec => spec.Port != 0).Sample(200, 50)];

    private readonly Field<DeploySpec> _field = SpecFields.Find(name)!;

    [Test]
    public void Generator_TriesAnotherValueThanTheDefault() =>
        s_specs.Should().Contain(spec => Tell(spec, name) != Tell(DeploySpec.Default, name), "the other tests need one");

    [Test]
    public void Spec_WithAnotherValue_IsAnotherSpec() =>
        s_specs.Where(spec => Tell(spec, name) != Tell(DeploySpec.Default, name)).Should().OnlyContain(spec => spec != DeploySpec.Default);

    [Test]
    public void Changes_ThatGiveIt_ChangeItAndNothingElse()
    {
        // A unit may store what no request may give.
        var values = s_specs.Select(Request).Where(value => Changes(value).FindErrors().Count == 0).ToList();
        values.Distinct().Should().HaveCountGreaterThan(1);
        foreach (var value in values)
        {
            var expected = SpecFields.Tell(DeploySpec.Default);
            expected[name] = Answer(value);
            SpecFields.Tell(Changes(value).ApplyTo(DeploySpec.Default)).ToJsonString().Should().Be(expected.ToJsonString());
        }
    }

    [Test]
    public void Changes_ThatLeaveItOut_InheritIt()
    {
        foreach (var spec in s_specs)
        {
            Tell(SpecChanges.None.ApplyTo(spec), name).Should().Be(Tell(spec, name));
            Changes("null").ApplyTo(spec).Should().Be(spec);
        }

        SpecChanges.None.LeftOut.Should().Contain(name);
        Changes("null").LeftOut.Should().Contain(name);
        Cleared.LeftOut.Should().NotContain(name);
    }

    [Test]
    public void Changes_ThatClearIt_GiveItsDefaultAndInheritTheRest()
    {
        foreach (var spec in s_specs)
        {
            var expected = SpecFields.Tell(spec);
            expected[name] = SpecFields.Tell(DeploySpec.Default)[name]?.DeepClone();
            SpecFields.Tell(Cleared.ApplyTo(spec)).ToJsonString().Should().Be(expected.ToJsonString());
        }
    }

    [Test]
    public void Options_OfAnySpec_GiveItBack()
    {
        foreach (var spec in s_specs)
        {
            Tell(Read(Write(spec)), name).Should().Be(Tell(spec, name));
        }
    }

    [Test]
    public void Options_FromBeforeTheField_GiveItsDefault()
    {
        foreach (var spec in s_specs)
        {
            Tell(Read(Write(spec).RemoveAll(IsOwn)), name).Should().Be(Tell(DeploySpec.Default, name));
        }
    }

    [Test]
    public void Options_ThatStoreIt_TellItsNameAndNoOtherFieldDoes() =>
        s_specs.SelectMany(spec => Write(spec)).Where(IsOwn).Should().NotBeEmpty()
            .And.OnlyContain(option => SpecFields.All.Count(field => IsOf(field.Name, option)) == 1);

    [Test]
    public void Value_OutOfItsLimits_IsRefusedWithItsNameInTheApi()
    {
        foreach (var value in Wrong(_field))
        {
            Changes(value).FindErrors().Should().NotBeEmpty(value).And.OnlyContain(error =>
                error.Field == name || error.Field.StartsWith($"{name}.") || error.Field.StartsWith($"{name}["));
        }
    }

    [Test]
    public void Description_OfTheField_IsThereForRequestsAndAnswers()
    {
        foreach (var field in _field.Shape.Fields.Prepend(_field))
        {
            field.InRequest.Should().EndWith(".").And.NotContain("{");
            field.InAnswer.Should().EndWith(".");
        }

        _field.IsNullable.Should().Be(Tell(DeploySpec.Default, name) == "null");
    }

    // What an answer tells is what a request gives, but for secrets: of those it tells the names.
    private string Request(DeploySpec spec) => name != SpecFields.SecretEnv.Name
        ? Tell(spec, name)
        : new JsonObject(spec.SecretEnv.Keys.Select(secret => KeyValuePair.Create(secret, (JsonNode?)"x"))).ToJsonString();

    private JsonNode? Answer(string request) => name != SpecFields.SecretEnv.Name
        ? JsonNode.Parse(request)
        : new JsonArray([.. JsonNode.Parse(request)!.AsObject().Select(secret => (JsonNode?)secret.Key)]);

    // In JSON: a wrong type, and one beyond each limit.
    private static IEnumerable<string> Wrong(Field field) => field.Shape.Kind switch
    {
        JsonKind.WholeNumber => [$"{field.Shape.Least - 1}", $"{field.Shape.Most + 1}", "\"1\"", "1.5", "true"],
        JsonKind.Number => [$"{field.Shape.Least / 2}", $"{field.Shape.Most + 1}", "\"1\"", "true"],
        JsonKind.Text => ["\"\\u0000\"", "1", "{}"],
        JsonKind.Texts => ["[\"\\u0000\"]", "[1]", "{}", "\"a\""],
        JsonKind.TextOrTexts => ["[\"\\u0000\"]", "[1]", "{}", "\"'\""],
        JsonKind.TextsByName => ["{\"A\":\"\\u0000\"}", "{\"A\":1}", "[]", "\"a\""],
        _ => [.. field.Shape.Fields.SelectMany(part => Wrong(part).Select(value => $"{{\"{part.Name}\":{value}}}")), "{\"unknown\":1}", "[]"],
    };

    private static string Tell(DeploySpec spec, string name) => SpecFields.Tell(spec)[name]?.ToJsonString() ?? "null";

    private static ImmutableArray<UnitOption> Write(DeploySpec spec) =>
        IntentionOptions.Write(new Intention { Image = "image", RequestedAt = DateTimeOffset.UnixEpoch, Spec = spec });

    private static DeploySpec Read(IEnumerable<UnitOption> options) => IntentionOptions.Read(options)!.Spec;

    private static bool IsOf(string name, UnitOption option) =>
        IntentionOptions.FindField(option) is { } found && (found == name || found.StartsWith($"{name}."));

    private bool IsOwn(UnitOption option) => IsOf(name, option);

    private SpecChanges Cleared => new(new Dictionary<string, JsonElement>(), [name]);

    private SpecChanges Changes(string value) =>
        new(new Dictionary<string, JsonElement> { [name] = JsonDocument.Parse(value).RootElement });
}
