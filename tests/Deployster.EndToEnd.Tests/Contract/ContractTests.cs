using System.Globalization;
using System.Text.Json.Nodes;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Contract;

/// <summary>The document is true: whatever it says that an operation answers, a live server does answer so.</summary>
public sealed class ContractTests
{
    private ContractScene _scene = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _scene = await ContractScene.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _scene.DisposeAsync();

    [TestCaseSource(nameof(DocumentedAnswers))]
    public async Task Answer_WhenProvoked_IsAsDocumented(string id, string status)
    {
        var operation = _scene.Api[id];
        var exchanges = await Task.WhenAll(Provocations.Of(_scene, operation, status));

        exchanges.Should().NotBeEmpty("each documented answer must be seen");
        foreach (var exchange in exchanges)
        {
            var expected = status == "default" ? "200" : status;
            ((int)exchange.Status).ToString(CultureInfo.InvariantCulture).Should().Be(expected, "of {0}", exchange.ResponseBody);
            _scene.Api.FaultsOfAnswer(operation, exchange).Should().BeEmpty("of {0}", exchange.ResponseBody);

            var faults = _scene.Api.FaultsOfRequest(operation, exchange);
            if (status == "400")
            {
                faults.Should().NotBeEmpty("the document tells what is refused: {0} {1}", exchange.Target, exchange.RequestBody);
            }
            else
            {
                faults.Should().BeEmpty("of {0} {1}", exchange.Target, exchange.RequestBody);
            }
        }
    }

    [TestCaseSource(nameof(Operations))]
    public void Examples_OfAnOperation_AreAsItDescribesThem(string id)
    {
        var operation = _scene.Api[id];
        var contents = operation.Responses
            .SelectMany(response => response.Value!["content"]?.AsObject() ?? [])
            .Where(content => content.Key.EndsWith("json", StringComparison.Ordinal))
            .Select(content => content.Value!.AsObject())
            .Append(operation.RequestBody)
            .OfType<JsonObject>()
            .ToList();

        contents.Should().OnlyContain(content => content["example"] != null);
        contents.SelectMany(content => _scene.Api.FaultsOf(content["example"]!.ToJsonString(), content["schema"]!))
            .Should().BeEmpty();
    }

    private static IEnumerable<string> Operations() => Operation.ReadDocumented().Select(operation => operation.Id);

    // A 500 is a defect: it cannot be provoked as long as none is known.
    private static IEnumerable<TestCaseData> DocumentedAnswers() =>
        from operation in Operation.ReadDocumented()
        from response in operation.Responses
        where response.Key != "500"
        select new TestCaseData(operation.Id, response.Key);
}
