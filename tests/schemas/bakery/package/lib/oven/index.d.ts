import { Construct } from 'constructs';
import * as cdktn from 'cdktn';
export interface OvenConfig extends cdktn.TerraformMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#id Oven#id}
    *
    * Please be aware that the id field is automatically added to all resources in Terraform providers using a Terraform provider SDK version below 2.
    * If you experience problems setting this value it might not be settable. Please take a look at the provider documentation to ensure it should be settable.
    */
    readonly id?: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#name Oven#name}
    */
    readonly name: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#degrees Oven#degrees}
    */
    readonly degrees?: number;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#fan Oven#fan}
    */
    readonly fan?: boolean | cdktn.IResolvable;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#shelves Oven#shelves}
    */
    readonly shelves?: string[];
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#labels Oven#labels}
    */
    readonly labels?: string[];
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#numbers Oven#numbers}
    */
    readonly numbers?: number[];
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#slots Oven#slots}
    */
    readonly slots?: number[];
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#tags Oven#tags}
    */
    readonly tags?: {
        [key: string]: string;
    };
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#limits Oven#limits}
    */
    readonly limits?: {
        [key: string]: number;
    };
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#switches Oven#switches}
    */
    readonly switches?: {
        [key: string]: (boolean | cdktn.IResolvable);
    };
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#key_wo Oven#key_wo}
    */
    readonly keyWo?: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#key_wo_version Oven#key_wo_version}
    */
    readonly keyWoVersion?: number;
    /**
    * door block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#door Oven#door}
    */
    readonly door: OvenDoor;
    /**
    * tray block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#tray Oven#tray}
    */
    readonly tray?: OvenTray[] | cdktn.IResolvable;
    /**
    * rack block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#rack Oven#rack}
    */
    readonly rack?: OvenRack[] | cdktn.IResolvable;
    /**
    * burner block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#burner Oven#burner}
    */
    readonly burner?: OvenBurner;
    /**
    * timeouts block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#timeouts Oven#timeouts}
    */
    readonly timeouts?: OvenTimeouts;
}
export interface OvenHistoryNotes {
}
export declare function ovenHistoryNotesToTerraform(struct?: OvenHistoryNotes): any;
export declare function ovenHistoryNotesToHclTerraform(struct?: OvenHistoryNotes): any;
export declare class OvenHistoryNotesOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): OvenHistoryNotes | undefined;
    set internalValue(value: OvenHistoryNotes | undefined);
    get text(): string;
}
export declare class OvenHistoryNotesList extends cdktn.ComplexList {
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): OvenHistoryNotesOutputReference;
}
export interface OvenHistory {
}
export declare function ovenHistoryToTerraform(struct?: OvenHistory): any;
export declare function ovenHistoryToHclTerraform(struct?: OvenHistory): any;
export declare class OvenHistoryOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): OvenHistory | undefined;
    set internalValue(value: OvenHistory | undefined);
    get at(): string;
    get degrees(): number;
    private _notes;
    get notes(): OvenHistoryNotesList;
}
export declare class OvenHistoryList extends cdktn.ComplexList {
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): OvenHistoryOutputReference;
}
export interface OvenSensors {
}
export declare function ovenSensorsToTerraform(struct?: OvenSensors): any;
export declare function ovenSensorsToHclTerraform(struct?: OvenSensors): any;
export declare class OvenSensorsOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): OvenSensors | undefined;
    set internalValue(value: OvenSensors | undefined);
    get kind(): string;
    get on(): cdktn.IResolvable;
}
export declare class OvenSensorsList extends cdktn.ComplexList {
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): OvenSensorsOutputReference;
}
export interface OvenDoorHinge {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#side Oven#side}
    */
    readonly side?: string;
}
export declare function ovenDoorHingeToTerraform(struct?: OvenDoorHinge | cdktn.IResolvable): any;
export declare function ovenDoorHingeToHclTerraform(struct?: OvenDoorHinge | cdktn.IResolvable): any;
export declare class OvenDoorHingeOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): OvenDoorHinge | cdktn.IResolvable | undefined;
    set internalValue(value: OvenDoorHinge | cdktn.IResolvable | undefined);
    private _side?;
    get side(): string;
    set side(value: string);
    resetSide(): void;
    get sideInput(): string | undefined;
}
export declare class OvenDoorHingeList extends cdktn.ComplexList {
    internalValue?: OvenDoorHinge[] | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): OvenDoorHingeOutputReference;
}
export interface OvenDoor {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#material Oven#material}
    */
    readonly material: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#locked Oven#locked}
    */
    readonly locked?: boolean | cdktn.IResolvable;
    /**
    * hinge block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#hinge Oven#hinge}
    */
    readonly hinge?: OvenDoorHinge[] | cdktn.IResolvable;
}
export declare function ovenDoorToTerraform(struct?: OvenDoorOutputReference | OvenDoor): any;
export declare function ovenDoorToHclTerraform(struct?: OvenDoorOutputReference | OvenDoor): any;
export declare class OvenDoorOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string);
    get internalValue(): OvenDoor | undefined;
    set internalValue(value: OvenDoor | undefined);
    private _material?;
    get material(): string;
    set material(value: string);
    get materialInput(): string | undefined;
    private _locked?;
    get locked(): boolean | cdktn.IResolvable;
    set locked(value: boolean | cdktn.IResolvable);
    resetLocked(): void;
    get lockedInput(): boolean | cdktn.IResolvable | undefined;
    get serial(): string;
    private _hinge;
    get hinge(): OvenDoorHingeList;
    putHinge(value: OvenDoorHinge[] | cdktn.IResolvable): void;
    resetHinge(): void;
    get hingeInput(): cdktn.IResolvable | OvenDoorHinge[] | undefined;
}
export interface OvenTray {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#size Oven#size}
    */
    readonly size: number;
}
export declare function ovenTrayToTerraform(struct?: OvenTray | cdktn.IResolvable): any;
export declare function ovenTrayToHclTerraform(struct?: OvenTray | cdktn.IResolvable): any;
export declare class OvenTrayOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): OvenTray | cdktn.IResolvable | undefined;
    set internalValue(value: OvenTray | cdktn.IResolvable | undefined);
    private _size?;
    get size(): number;
    set size(value: number);
    get sizeInput(): number | undefined;
}
export declare class OvenTrayList extends cdktn.ComplexList {
    internalValue?: OvenTray[] | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): OvenTrayOutputReference;
}
export interface OvenRack {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#level Oven#level}
    */
    readonly level?: number;
}
export declare function ovenRackToTerraform(struct?: OvenRack | cdktn.IResolvable): any;
export declare function ovenRackToHclTerraform(struct?: OvenRack | cdktn.IResolvable): any;
export declare class OvenRackOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): OvenRack | cdktn.IResolvable | undefined;
    set internalValue(value: OvenRack | cdktn.IResolvable | undefined);
    private _level?;
    get level(): number;
    set level(value: number);
    resetLevel(): void;
    get levelInput(): number | undefined;
}
export declare class OvenRackList extends cdktn.ComplexList {
    internalValue?: OvenRack[] | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): OvenRackOutputReference;
}
export interface OvenBurner {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#gas Oven#gas}
    */
    readonly gas?: boolean | cdktn.IResolvable;
}
export declare function ovenBurnerToTerraform(struct?: OvenBurnerOutputReference | OvenBurner): any;
export declare function ovenBurnerToHclTerraform(struct?: OvenBurnerOutputReference | OvenBurner): any;
export declare class OvenBurnerOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string);
    get internalValue(): OvenBurner | undefined;
    set internalValue(value: OvenBurner | undefined);
    private _gas?;
    get gas(): boolean | cdktn.IResolvable;
    set gas(value: boolean | cdktn.IResolvable);
    resetGas(): void;
    get gasInput(): boolean | cdktn.IResolvable | undefined;
}
export interface OvenTimeouts {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#create Oven#create}
    */
    readonly create?: string;
}
export declare function ovenTimeoutsToTerraform(struct?: OvenTimeouts | cdktn.IResolvable): any;
export declare function ovenTimeoutsToHclTerraform(struct?: OvenTimeouts | cdktn.IResolvable): any;
export declare class OvenTimeoutsOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string);
    get internalValue(): OvenTimeouts | cdktn.IResolvable | undefined;
    set internalValue(value: OvenTimeouts | cdktn.IResolvable | undefined);
    private _create?;
    get create(): string;
    set create(value: string);
    resetCreate(): void;
    get createInput(): string | undefined;
}
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven bakery_oven}
*/
export declare class Oven extends cdktn.TerraformResource {
    static readonly tfResourceType = "bakery_oven";
    /**
    * Generates CDKTN code for importing a Oven resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the Oven to import
    * @param importFromId The id of the existing Oven that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the Oven to import is found
    */
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktn.TerraformProvider): cdktn.ImportableResource;
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven bakery_oven} Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options OvenConfig
    */
    constructor(scope: Construct, id: string, config: OvenConfig);
    private _id?;
    get id(): string;
    set id(value: string);
    resetId(): void;
    get idInput(): string | undefined;
    private _name?;
    get name(): string;
    set name(value: string);
    get nameInput(): string | undefined;
    private _degrees?;
    get degrees(): number;
    set degrees(value: number);
    resetDegrees(): void;
    get degreesInput(): number | undefined;
    private _fan?;
    get fan(): boolean | cdktn.IResolvable;
    set fan(value: boolean | cdktn.IResolvable);
    resetFan(): void;
    get fanInput(): boolean | cdktn.IResolvable | undefined;
    private _shelves?;
    get shelves(): string[];
    set shelves(value: string[]);
    resetShelves(): void;
    get shelvesInput(): string[] | undefined;
    private _labels?;
    get labels(): string[];
    set labels(value: string[]);
    resetLabels(): void;
    get labelsInput(): string[] | undefined;
    private _numbers?;
    get numbers(): number[];
    set numbers(value: number[]);
    resetNumbers(): void;
    get numbersInput(): number[] | undefined;
    private _slots?;
    get slots(): number[];
    set slots(value: number[]);
    resetSlots(): void;
    get slotsInput(): number[] | undefined;
    private _tags?;
    get tags(): {
        [key: string]: string;
    };
    set tags(value: {
        [key: string]: string;
    });
    resetTags(): void;
    get tagsInput(): {
        [key: string]: string;
    } | undefined;
    private _limits?;
    get limits(): {
        [key: string]: number;
    };
    set limits(value: {
        [key: string]: number;
    });
    resetLimits(): void;
    get limitsInput(): {
        [key: string]: number;
    } | undefined;
    private _switches?;
    get switches(): {
        [key: string]: (boolean | cdktn.IResolvable);
    };
    set switches(value: {
        [key: string]: (boolean | cdktn.IResolvable);
    });
    resetSwitches(): void;
    get switchesInput(): {
        [key: string]: boolean | cdktn.IResolvable;
    } | undefined;
    private _tagsAll;
    get tagsAll(): cdktn.StringMap;
    private _history;
    get history(): OvenHistoryList;
    private _sensors;
    get sensors(): OvenSensorsList;
    get endpoints(): string[];
    get ports(): string[];
    private _keyWo?;
    /**
    * @deprecated Write-only: the provider never returns this value; reading it always yields null by protocol contract. The getter remains for compatibility and will be removed in a future prebuilt-provider major.
    */
    get keyWo(): string;
    set keyWo(value: string);
    resetKeyWo(): void;
    get keyWoInput(): string | undefined;
    private _keyWoVersion?;
    get keyWoVersion(): number;
    set keyWoVersion(value: number);
    resetKeyWoVersion(): void;
    get keyWoVersionInput(): number | undefined;
    private _door;
    get door(): OvenDoorOutputReference;
    putDoor(value: OvenDoor): void;
    get doorInput(): OvenDoor | undefined;
    private _tray;
    get tray(): OvenTrayList;
    putTray(value: OvenTray[] | cdktn.IResolvable): void;
    resetTray(): void;
    get trayInput(): cdktn.IResolvable | OvenTray[] | undefined;
    private _rack;
    get rack(): OvenRackList;
    putRack(value: OvenRack[] | cdktn.IResolvable): void;
    resetRack(): void;
    get rackInput(): cdktn.IResolvable | OvenRack[] | undefined;
    private _burner;
    get burner(): OvenBurnerOutputReference;
    putBurner(value: OvenBurner): void;
    resetBurner(): void;
    get burnerInput(): OvenBurner | undefined;
    private _timeouts;
    get timeouts(): OvenTimeoutsOutputReference;
    putTimeouts(value: OvenTimeouts): void;
    resetTimeouts(): void;
    get timeoutsInput(): cdktn.IResolvable | OvenTimeouts | undefined;
    protected synthesizeAttributes(): {
        [name: string]: any;
    };
    protected synthesizeHclAttributes(): {
        [name: string]: any;
    };
}
