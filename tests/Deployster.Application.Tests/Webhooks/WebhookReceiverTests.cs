using Deployster.Application.Webhooks;

namespace Deployster.Application.Tests.Webhooks;

internal sealed class WebhookReceiverTests
{
    [TestCase("https://hooks.example.com/services/s3cret?a=b", "https://hooks.example.com/services/s3cret?a=b", false)]
    [TestCase("http://127.0.0.1:9000", "http://127.0.0.1:9000/", false)]
    [TestCase("slack+https://hooks.slack.com/services/s3cret", "https://hooks.slack.com/services/s3cret", true)]
    [TestCase("SLACK+HTTP://chat.local/x", "http://chat.local/x", true)]
    public void Read_OfAUrl_GivesWhereAndHow(string text, string url, bool takesTextAlone)
    {
        var receiver = WebhookReceiver.Read(text)!;

        receiver.Url.Should().Be(new Uri(url));
        receiver.TakesTextAlone.Should().Be(takesTextAlone);
    }

    [TestCase("")]
    [TestCase("hooks.example.com")]
    [TestCase("/hook")]
    [TestCase("ftp://example.com/x")]
    [TestCase("file:///etc/passwd")]
    [TestCase("slack+ftp://example.com/x")]
    [TestCase("slack+")]
    [TestCase("slack+slack+https://example.com/x")]
    [TestCase("https://")]
    [TestCase("https:///x")]
    public void Read_OfAnythingElse_IsNull(string text) => WebhookReceiver.Read(text).Should().BeNull();

    [Test]
    public void ToString_Always_TellsTheHostAlone() =>
        $"{WebhookReceiver.Read("https://user:pass@hooks.example.com:8443/services/s3cret?a=b")}".Should().Be("hooks.example.com");

    [Test]
    public void Key_OfAUrl_IsTheSameEachTimeAndAnotherForAnotherWay()
    {
        string KeyOf(string text) => WebhookReceiver.Read(text)!.Key;

        KeyOf("https://example.com/a").Should().Be(KeyOf("https://example.com/a")).And.HaveLength(32);
        KeyOf("https://example.com/a").Should().NotBe(KeyOf("https://example.com/b")).And.NotBe(KeyOf("slack+https://example.com/a"));
    }
}
