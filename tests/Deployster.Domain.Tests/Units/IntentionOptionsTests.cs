using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Units;

internal sealed class IntentionOptionsTests
{
    private static readonly Intention s_intention = new()
    {
        Image = "mycompany/railsapp:7bdae1c",
        ImageId = "sha256:4f0c1e",
        RequestedAt = new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero),
        DestroyPrevious = true,
        Replaces = [new ReplacedDeploy(VersionTag.Parse("v1"), DeployTimestamp.Parse("2015.03.01-00.00.00"), 2)],
        Spec = new DeploySpec
        {
            InstanceCount = 2,
            Env = ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                [KeyValuePair.Create("EMPTY", ""), KeyValuePair.Create("ODD", " a=\"b\\c\"%i$x\\ ")]),
            Volumes = [new Volume("/srv", "/data", "ro")],
            Command = ["serve", ""],
            Memory = new MemorySize(512L << 20),
            Cpus = 0.5m,
            HealthCheck = new HealthCheck("/health?a=b"),
            MinHealthy = TimeSpan.FromSeconds(5),
        },
    };

    [Test]
    public void Write_WritesALineForEachEntry() =>
        IntentionOptions.Write(s_intention).Select(option => $"{option.Section}|{option.Name}={option.Value}").Should().Equal(
            "X-Deployster|Image=\"mycompany/railsapp:7bdae1c\"",
            "X-Deployster|ImageId=\"sha256:4f0c1e\"",
            "X-Deployster|RequestedAt=2015-03-02T00:31:45.0000000Z",
            "X-Deployster|DestroyPrevious=true",
            "X-Deployster|Replaces=v1:2015.03.01-00.00.00 2",
            "X-Deployster|Instances=2",
            "X-Deployster|Port=3000",
            "X-Deployster|Env=\"EMPTY=\"",
            "X-Deployster|Env=\"ODD= a=\\\"b\\\\c\\\"%i$x\\\\ \"",
            "X-Deployster|Volume=\"/srv:/data:ro\"",
            "X-Deployster|Command=\"serve\"",
            "X-Deployster|Command=\"\"",
            "X-Deployster|ReleaseTimeout=600",
            "X-Deployster|Memory=512m",
            "X-Deployster|Cpus=0.5",
            "X-Deployster|HealthPath=\"/health?a=b\"",
            "X-Deployster|HealthInterval=1",
            "X-Deployster|HealthTimeout=5",
            "X-Deployster|MinHealthySeconds=5",
            "X-Deployster|Deadline=300",
            "X-Deployster|StopTimeout=10");

    [Test]
    public void Read_OfAnyValidIntentionThatWentThroughAUnitFile_GivesItBack() =>
        Properties.Check(Generate.Intention, intention =>
            IntentionOptions.Read(UnitFile.WriteAndRead(IntentionOptions.Write(intention))).Should().Be(intention));

    [Test]
    public void ReadImage_OfTheLinesBeforeTheMomentOfTheRequest_GivesTheImage() =>
        Properties.Check(Generate.Intention, intention =>
            IntentionOptions.ReadImage(IntentionOptions.Write(intention)
                .TakeWhile(option => option.Name != "RequestedAt").Select(option => $"{option.Name}={option.Value}"))
                .Should().Be((intention.Image, intention.ImageId)));

    [TestCase("")]
    [TestCase("Image=nonsense")]
    [TestCase("ImageId=\"sha256:1\"")]
    public void ReadImage_OfOtherLines_IsNull(string line) => IntentionOptions.ReadImage([line]).Should().BeNull();

    [Test]
    public void Write_OfAnyValidIntention_AddsNoLineAndNoOptionToAUnitFile() =>
        Properties.Check(Generate.Intention, intention =>
        {
            var options = IntentionOptions.Write(intention);

            UnitFile.WriteAndRead(options).Should().Equal(options);
        });

    [Test]
    public void Write_OfAnyValidIntention_IsOneLineAnOptionThatNoParserTrimsOrJoins() =>
        Properties.Check(Generate.Intention, intention =>
        {
            foreach (var option in IntentionOptions.Write(intention))
            {
                option.Name.Should().MatchRegex(@"\A[A-Z][A-Za-z]+\z");
                (PlainText.IsOneLine(option.Value) && option.Value == option.Value.Trim() && !option.Value.EndsWith('\\'))
                    .Should().BeTrue(option.Value);
            }
        });

    [Test]
    public void Read_WhenTheSectionIsMissing_IsNull() =>
        IntentionOptions.Read([new UnitOption("Service", "ExecStart", "/bin/true")]).Should().BeNull();

    [Test]
    public void Read_WhenOtherSectionsHaveOptionsOfTheSameName_LeavesThemAlone() =>
        IntentionOptions.Read([new UnitOption("Service", "Port", "1"), .. IntentionOptions.Write(s_intention), new UnitOption("X-Fleet", "Image", "x")])
            .Should().Be(s_intention);

    [TestCase("Image", "no quotes")]
    [TestCase("Image", "null")]
    [TestCase("Image", "\"a\\u0000b\"")]
    [TestCase("Image", "\"\\ud800\"")]
    [TestCase("ImageId", "sha256:4f0c1e")]
    [TestCase("ImageId", "null")]
    [TestCase("RequestedAt", "yesterday")]
    [TestCase("DestroyPrevious", "maybe")]
    [TestCase("Replaces", "v1")]
    [TestCase("Replaces", "v1:2015.03.01-00.00.00")]
    [TestCase("Replaces", "v1:2015.03.01-00.00.00 -2")]
    [TestCase("Replaces", "v1:2015.03.01-00.00.00 99999999999")]
    [TestCase("Instances", "0")]
    [TestCase("Instances", "-1")]
    [TestCase("Instances", "1001")]
    [TestCase("Instances", "2000000000")]
    [TestCase("Port", "65536")]
    [TestCase("Env", "\"NO_VALUE\"")]
    [TestCase("Env", "\"A=nul\\u0000\"")]
    [TestCase("Volume", "\"/data\"")]
    [TestCase("Command", "{}")]
    [TestCase("Memory", "1")]
    [TestCase("Cpus", "many")]
    [TestCase("HealthPath", "\"no path\"")]
    [TestCase("HealthInterval", "NaN")]
    [TestCase("MinHealthySeconds", "-1")]
    [TestCase("MinHealthySeconds", "NaN")]
    [TestCase("Deadline", "86401")]
    [TestCase("Deadline", "1e300")]
    [TestCase("Deadline", "79228162514264337593543950335")]
    public void Read_WhenAnOptionCannotBeRead_IsNull(string name, string value)
    {
        var options = IntentionOptions.Write(s_intention);
        var changed = options.Select(option => option.Name == name ? option with { Value = value } : option);

        IntentionOptions.Read(changed).Should().BeNull();
    }

    [TestCase("Image")]
    [TestCase("ImageId")]
    [TestCase("RequestedAt")]
    [TestCase("Instances")]
    [TestCase("Deadline")]
    public void Read_WhenAnOptionStandsTwice_IsNull(string name)
    {
        var options = IntentionOptions.Write(s_intention);

        IntentionOptions.Read([.. options, options.First(option => option.Name == name)]).Should().BeNull();
    }

    [Test]
    public void Read_WhenTheImagesIdIsNotKnown_GivesAnIntentionWithoutIt()
    {
        var unknown = s_intention with { ImageId = null };

        IntentionOptions.Read(IntentionOptions.Write(unknown)).Should().Be(unknown);
    }

    [Test]
    public void Read_OfAnIntentionFromBeforeAField_GivesTheFieldItsDefault()
    {
        var options = IntentionOptions.Write(s_intention).RemoveAll(option => option.Name is "Instances" or "MinHealthySeconds");

        var spec = IntentionOptions.Read(options)!.Spec;
        spec.MinHealthy.Should().Be(TimeSpan.Zero);
        (spec with { MinHealthy = s_intention.Spec.MinHealthy }).Should().Be(s_intention.Spec with { InstanceCount = 1 });
    }

    [Test]
    public void Read_WhenAVariableHasTwoValues_IsNull()
    {
        var options = IntentionOptions.Write(s_intention);

        IntentionOptions.Read([.. options, new UnitOption(IntentionOptions.Section, "Env", "\"EMPTY=not\"")]).Should().BeNull();
    }

    [Test]
    public void Read_WhenTheCountsOfWhatIsReplacedAreHuge_GivesAnIntentionThatCanBeUsed()
    {
        var huge = new UnitOption(IntentionOptions.Section, "Replaces", $"v1:2015.03.01-00.00.00 {int.MaxValue}");

        var intention = IntentionOptions.Read([.. IntentionOptions.Write(s_intention), huge, huge]);

        intention!.ReplacedUnitCount.Should().Be(2 + (2L * int.MaxValue));
    }

    [Test]
    public void Read_WhenRequestedAtTheEndOfTime_GivesAnIntentionThatCanBeUsed()
    {
        var late = s_intention with { RequestedAt = DateTimeOffset.MaxValue };

        IntentionOptions.Read(IntentionOptions.Write(late))!.Deadline.Should().Be(DateTimeOffset.MaxValue);
    }

    [Test]
    public void Read_OfGarbage_NeverThrows() =>
        Properties.Check(
            from options in (
                from name in Gen.Elements(IntentionOptions.Write(s_intention).Select(option => option.Name).Append("Other").ToArray())
                from value in Generate.AnyString
                select new UnitOption(IntentionOptions.Section, name, value)).ListOf()
            from image in Gen.Elements("\"image\"", "")
            select options.Prepend(new UnitOption(IntentionOptions.Section, "Image", image)),
            options => IntentionOptions.Read(options));

    [Test]
    public void Read_OfAnIntentionWithSomeValuesDamaged_NeverThrows() =>
        Properties.Check(
            from intention in Generate.Intention
            let options = IntentionOptions.Write(intention)
            from index in Gen.Choose(0, options.Length - 1)
            from value in Gen.OneOf(
                Generate.AnyString,
                Gen.Elements("NaN", "Infinity", "-1", "1e9999", "99999999999999999999", "\"\"", "null", "[]", "9999-12-31T23:59:59Z"))
            from remove in Gen.Frequency((1, Gen.Constant(true)), (3, Gen.Constant(false)))
            select remove ? options.RemoveAt(index) : options.SetItem(index, options[index] with { Value = value }),
            options => IntentionOptions.Read(options));
}
