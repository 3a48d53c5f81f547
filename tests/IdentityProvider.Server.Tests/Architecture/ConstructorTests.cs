using System.Reflection;

namespace IdentityProvider.Server.Tests.Architecture;

public sealed class ConstructorTests
{
    private const int Most = 6;

    /// <summary>Who needs more does more than one thing. Records are data, and may have as much of it as there is.</summary>
    [Fact]
    public void What_does_something_needs_six_others_at_most()
    {
        var constructors = OurTypes.All
            .Where(type => type is { IsClass: true } && !IsRecord(type))
            .SelectMany(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .ToList();

        Assert.Contains(constructors, constructor => constructor.GetParameters().Length == Most);
        Assert.Equal([], constructors
            .Where(constructor => constructor.GetParameters().Length > Most)
            .Select(constructor => $"{constructor.DeclaringType!.FullName}: {constructor.GetParameters().Length}"));
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
