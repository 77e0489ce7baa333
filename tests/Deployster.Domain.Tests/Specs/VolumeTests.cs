using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class VolumeTests
{
    [TestCase("/srv/data:/data", "/srv/data", "/data", "")]
    [TestCase("/srv/data:/data:rw", "/srv/data", "/data", "")]
    [TestCase("/srv/data:/data:ro", "/srv/data", "/data", "ro")]
    [TestCase("data:/data", "data", "/data", "")]
    [TestCase("my_data.1-x:/data", "my_data.1-x", "/data", "")]
    [TestCase("/:/host:ro", "/", "/host", "ro")]
    [TestCase("/with blank:/data", "/with blank", "/data", "")]
    [TestCase("/srv:/data:z", "/srv", "/data", "z")]
    [TestCase("/srv:/data:ro,Z,rslave", "/srv", "/data", "ro,Z,rslave")]
    [TestCase("/srv:/data:rw,shared", "/srv", "/data", "shared")]
    [TestCase("data:/data:nocopy,ro", "data", "/data", "nocopy,ro")]
    public void TryParse_WhenWithinTheGrammar_GivesItsParts(string text, string source, string target, string options)
    {
        Volume.TryParse(text, out var volume).Should().BeTrue();

        volume.Should().Be(new Volume(source, target, options));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(":")]
    [TestCase("/data")]
    [TestCase(":/data")]
    [TestCase("/srv:")]
    [TestCase("/srv:data")]
    [TestCase("srv/data:/data")]
    [TestCase("./srv:/data")]
    [TestCase("a:/data")]
    [TestCase("-data:/data")]
    [TestCase("data\n:/data")]
    [TestCase("/srv:/")]
    [TestCase("/srv://")]
    [TestCase("/srv:/data:")]
    [TestCase("/srv:/data:RO")]
    [TestCase("/srv:/data:ro,rw")]
    [TestCase("/srv:/data:z,Z")]
    [TestCase("/srv:/data:z,z")]
    [TestCase("/srv:/data:ro,")]
    [TestCase("/srv:/data:shared,rslave")]
    [TestCase("/srv:/data:nocopy")]
    [TestCase("data:/data:rslave")]
    [TestCase("/srv:/data:exec")]
    [TestCase("/srv:/data:ro:x")]
    [TestCase("/srv:/data\n")]
    [TestCase("/srv:/da\nta")]
    [TestCase("/srv\0:/data")]
    public void TryParse_WhenAgainstTheGrammar_IsFalse(string? text)
    {
        Volume.TryParse(text, out var volume).Should().BeFalse();

        volume.Should().BeNull();
    }

    [Test]
    public void TryParse_WhenTooLong_IsFalse() =>
        Volume.TryParse($"/srv:/{new string('a', 507)}", out _).Should().BeFalse();

    [Test]
    public void TryParse_OfWhatWasPrinted_GivesTheSame() =>
        Properties.Check(Generate.Spec, spec =>
        {
            foreach (var volume in spec.Volumes)
            {
                Volume.TryParse(volume.ToString(), out var read).Should().BeTrue();
                read.Should().Be(volume);
            }
        });

    [Test]
    public void TryParse_OfAnyString_NeverThrows() =>
        Properties.Check(Generate.AnyString, text => _ = Volume.TryParse(text, out _));
}
