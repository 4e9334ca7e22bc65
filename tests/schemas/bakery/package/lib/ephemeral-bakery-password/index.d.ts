import { Construct } from 'constructs';
import * as cdktn from 'cdktn';
export interface EphemeralBakeryPasswordConfig extends cdktn.TerraformEphemeralMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/ephemeral-resources/password#length EphemeralBakeryPassword#length}
    */
    readonly length: number;
}
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/ephemeral-resources/password bakery_password}
*/
export declare class EphemeralBakeryPassword extends cdktn.TerraformEphemeralResource {
    static readonly tfResourceType = "bakery_password";
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/ephemeral-resources/password bakery_password} Ephemeral Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options EphemeralBakeryPasswordConfig
    */
    constructor(scope: Construct, id: string, config: EphemeralBakeryPasswordConfig);
    private _length?;
    get length(): number;
    set length(value: number);
    get lengthInput(): number | undefined;
    get result(): string;
    protected synthesizeAttributes(): {
        [name: string]: any;
    };
    protected synthesizeHclAttributes(): {
        [name: string]: any;
    };
}
