namespace IdentityProvider.Tests.Shared;

/// <summary>Marks a test with the number of the abuse case it covers, so that a list of covered cases can be read by reflection.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class CaseAttribute(int number) : Attribute
{
    public int Number { get; } = number;
}
