using System.Collections.Concurrent;
using Deployster.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests;

/// <summary>The images of the tests here, each built once.</summary>
[SetUpFixture]
public sealed class SampleImages
{
    private static readonly ConcurrentDictionary<SampleImage, Lazy<Task<string>>> s_images = new();

    private static TestEngine s_engine = null!;
    private static string s_service = null!;

    public static Task<string> GetAsync(SampleImage image) => s_images.GetOrAdd(image, key => new Lazy<Task<string>>(() =>
        s_engine.BuildAsync(key, s_service, $"v{Guid.NewGuid():N}"))).Value;

    [OneTimeSetUp]
    public void SetUp()
    {
        s_engine = new TestEngine();
        s_service = s_engine.NewService("sample");
    }

    [OneTimeTearDown]
    public async Task TearDownAsync() => await s_engine.DisposeAsync();
}
