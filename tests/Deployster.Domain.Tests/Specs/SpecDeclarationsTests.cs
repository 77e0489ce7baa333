using System.Reflection;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Specs;

internal sealed class SpecDeclarationsTests
{
    [Test]
    public void Declarations_AreThereForEachPropertyOfASpec() =>
        DeclaredIn(typeof(SpecFields)).Select(property => property.Name).Should().BeEquivalentTo(
            typeof(DeploySpec).GetProperties()
                .Where(property => !property.GetMethod!.IsStatic && property.CanWrite)
                .Select(property => property.Name)

                // Each is one field with its words.
                .Except([nameof(DeploySpec.CommandLine), nameof(DeploySpec.ReleaseLine)]));

    [Test]
    public void All_HasEachDeclarationOnce() =>
        DeclaredIn(typeof(SpecFields)).Select(property => (Field)property.GetValue(null)!)
            .ToHashSet().SetEquals(SpecFields.All).Should().BeTrue();

    [Test]
    public void Names_AreUnique() => SpecFields.All.Select(field => field.Name).Should().OnlyHaveUniqueItems();

    [Test]
    public void Find_WhenThereIsNoSuchField_IsNull() => SpecFields.Find("colour").Should().BeNull();

    private static IEnumerable<PropertyInfo> DeclaredIn(Type type) =>
        type.GetProperties().Where(property => property.PropertyType.IsAssignableTo(typeof(Field)));
}
