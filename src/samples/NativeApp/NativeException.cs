namespace NativeApp;

/// <summary>The message is for the person at the screen, and says what to do.</summary>
internal sealed class NativeException(string message) : Exception(message);
