using Deployster.Api.Mapping;

namespace Deployster.Api.Tests;

internal sealed class ContractMapsTests
{
    [Test]
    public void Maps_GiveEveryMemberOfEveryContract()
    {
        var configuration = ContractMaps.Create();

        configuration.AssertConfigurationIsValid();
    }
}
