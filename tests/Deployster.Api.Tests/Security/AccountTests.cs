using Deployster.Api.Authentication;

namespace Deployster.Api.Tests.Security;

internal sealed class AccountTests
{
    private static readonly string s_hash = PasswordHash.Create("secret").ToString();

    [TestCase("ann:HASH", "It must be name:hash:role.")]
    [TestCase(":HASH:reader", "It must be name:hash:role.")]
    [TestCase("ann:HASH:reader:x", "It must be name:hash:role.")]
    [TestCase("ann:HASH:admin", "The role must be deployer or reader, not 'admin'.")]
    [TestCase("ann:secret:reader", "The hash is none of deployster hash-password.")]
    [TestCase("ann:pbkdf2-sha256$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAA:reader", "The hash is none of deployster hash-password.")]
    [TestCase("bob:HASH:reader", "The name bob stands there twice.")]
    public void ReadFile_WithALineThatIsWrong_TellsWhichAndWhy(string line, string why)
    {
        using var file = new UsersFile();
        file.Write("# users", $"bob:{s_hash}:deployer", line.Replace("HASH", s_hash, StringComparison.Ordinal));

        var reading = () => UserAccount.ReadFile(file.Path);

        reading.Should().Throw<FormatException>().WithMessage($"{file.Path}, line 3: {why}");
    }

    [Test]
    public void Hash_OfTheSamePassword_IsAnotherEachTimeAndKnowsIt()
    {
        var hash = PasswordHash.Parse(s_hash);

        hash.ToString().Should().Be(s_hash).And.NotBe(PasswordHash.Create("secret").ToString());
        hash.IsOf("secret").Should().BeTrue();
        hash.IsOf("Secret").Should().BeFalse();
    }

    [Test]
    public void Recognise_BeforeAndAfterThePasswordWasRightOnce_SparesTheSecondHashing()
    {
        var users = new Users([new UserAccount("ann", PasswordHash.Parse(s_hash), Roles.Reader)], owner: null);

        users.Recognise("ann", "secret").Should().BeNull();
        users.Verify("ann", "secret").Should().Be(Roles.Reader);
        users.Recognise("ann", "secret").Should().Be(Roles.Reader);
        users.Recognise("ann", "Secret").Should().BeNull();
    }

    [Test]
    public async Task HashPassword_OfThePasswordOnTheInput_PrintsItsHash()
    {
        var (exitCode, output, error) = await DeploysterProcess.RunAsync(["hash-password"], input: "pass:wörd 🚀\n");

        exitCode.Should().Be(0, error);
        PasswordHash.Parse(output.Trim()).IsOf("pass:wörd 🚀").Should().BeTrue();
    }

    [Test]
    public async Task HashPassword_OfNothing_IsAUsageError()
    {
        var (exitCode, output, error) = await DeploysterProcess.RunAsync(["hash-password"]);

        exitCode.Should().Be(2);
        output.Should().BeEmpty();
        error.Should().Contain("no password");
    }
}
